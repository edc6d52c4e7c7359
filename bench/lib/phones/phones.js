// Runs in a measured page before its own scripts, and changes nothing of what they do: notes when what came from the
// room, when somebody tapped, what was handed to the sound and for when, and where the sound's clock stands. Times are
// milliseconds of the wall clock (performance.timeOrigin + now), so that pages of one machine can be compared.
() => {
  const log = (window.bench = {frames: [], taps: [], starts: [], alignment: [], loaded: NaN});
  const wall = () => performance.timeOrigin + performance.now();

  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", ({data}) => {
        if (!data.includes('"type":"probe"')) log.frames.push([wall(), data]);
      });
    }
  };

  for (const kind of ["pointerdown", "click", "keydown"]) {
    document.addEventListener(kind, (event) => {
      log.taps.push([performance.timeOrigin + event.timeStamp, kind, event.key ?? event.target.id]);
    }, {capture: true});
  }
  addEventListener("load", () => { log.loaded = wall(); });

  const begin = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
    log.starts.push([wall(), when, this.buffer?.duration ?? 0]);
    return begin.call(this, when, ...rest);
  };

  const contexts = [];
  window.AudioContext = class extends AudioContext {
    constructor(...options) {
      super(...options);
      contexts.push(this);
    }
  };
  setInterval(() => {
    for (const context of contexts) {
      const {contextTime, performanceTime} = context.getOutputTimestamp();
      if (performanceTime > 0) log.alignment.push([performance.timeOrigin + performanceTime, contextTime]);
    }
  }, 20);
}
