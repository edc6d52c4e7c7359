/**
 * A quantile of numbers that come and go. They are kept in order, since a page asks for it in every frame.
 * @param {number} [share] 0 for the least, 0.5 for the median, 1 for the most; between two numbers it is interpolated
 */
export function createRunningQuantile(share = 0.5) {
  /** @type {number[]} */
  let order = [];

  /** Index of the first number that is not below `value`. @param {number} value */
  function place(value) {
    let low = 0, high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order[middle] < value) low = middle + 1; else high = middle;
    }
    return low;
  }

  return {
    /** @param {number} value */
    add(value) {
      order.splice(place(value), 0, value);
    },

    /** Takes out a number that was added. @param {number} value */
    remove(value) {
      order.splice(place(value), 1);
    },

    /** Adds the same to each of them. @param {number} by */
    move(by) {
      order = order.map((value) => value + by);
    },

    /** NaN while there are none. */
    get value() {
      const at = share * (order.length - 1), low = Math.floor(at), high = Math.ceil(at);
      return order[low] + (order[high] - order[low]) * (at - low);
    },
  };
}
