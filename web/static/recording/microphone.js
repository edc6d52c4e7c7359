/** The microphone: opened by a tap, heard piece by piece, kept from "record" until "stop". Nothing leaves this page. */

import {joined} from "./wav.js";

/**
 * Opens it as it is: what a browser does to a voice on a call spoils a reading.
 * @param {(piece: Float32Array) => void} onPiece every piece, also while nothing is recorded
 */
export async function openMicrophone(onPiece) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1},
  });
  const context = new AudioContext();
  await context.resume();
  await context.audioWorklet.addModule(new URL("./capture-worklet.js", import.meta.url));
  const tap = new AudioWorkletNode(context, "tap", {numberOfOutputs: 0});
  context.createMediaStreamSource(stream).connect(tap);
  /** @type {Float32Array[] | null} */
  let pieces = null;
  /** @type {(() => void) | null} */
  let afterPiece = null;

  tap.port.onmessage = ({data}) => {
    pieces?.push(data);
    onPiece(data);
    afterPiece?.();
  };

  return {
    rate: context.sampleRate,
    start() {
      pieces = [];
    },
    /** The sound since `start`, with the piece that was under way. @returns {Promise<Float32Array>} */
    async stop() {
      await new Promise((resolve) => { afterPiece = () => resolve(undefined); });
      afterPiece = null;
      const kept = pieces ?? [];
      pieces = null;
      return joined(kept);
    },
    close() {
      for (const track of stream.getTracks()) track.stop();
      context.close();
    },
  };
}
