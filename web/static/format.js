/** Times as people say them. Pure. */

/**
 * What is left, without pressing: minutes, never a countdown.
 * @param {number} seconds
 */
export function aboutLeft(seconds) {
  if (seconds < 45) return "less than a minute left";
  const minutes = Math.round(seconds / 60);
  return minutes <= 1 ? "about a minute left" : `about ${minutes} minutes left`;
}

/** What is left to the second, for who asks. @param {number} seconds */
export function exactLeft(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} left`;
}
