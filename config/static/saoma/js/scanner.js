/* Reading codes: by camera, from a picture, or off another part of this page. */

import { BarcodeDetector, prepareZXingModule } from "../vendor/barcode-detector.js";

const FORMATS = ["qr_code", "code_128"];
const FRAME_MS = 120;
const READ_PX = 6;
let detector = null;

function ready() {
  if (!detector) {
    const wasm = new URL("../vendor/zxing_reader.wasm", import.meta.url).href;
    prepareZXingModule({ overrides: { locateFile: () => wasm } });
    detector = new BarcodeDetector({ formats: FORMATS });
  }
  return detector;
}

/** Read the first code in a picture, canvas or video frame; "" when there is none. */
export async function readCode(source) {
  const found = await ready().detect(source);
  return found[0]?.rawValue ?? "";
}

/** Read a picture file. */
export async function readFile(file) {
  const picture = await createImageBitmap(file);
  try {
    return await readCode(picture);
  } finally {
    picture.close();
  }
}

/** Look at an SVG symbol the way a scanner would: paint it, then read the paint. */
export async function readSymbol(svg) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width * READ_PX);
  copy.setAttribute("height", height * READ_PX);
  const picture = new Image();
  const source = new XMLSerializer().serializeToString(copy);
  const address = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
  try {
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * READ_PX;
    canvas.height = height * READ_PX;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    return await readCode(canvas);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Whether this page may open a camera: browsers want https, or this very machine. */
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/**
 * Watch the camera until a code is seen.
 * @param {HTMLVideoElement} video shows what the camera sees
 * @param {AbortSignal} signal ends the watch
 * @returns {Promise<string>} the code, "" when the watch ended first
 */
export async function watchCamera(video, signal) {
  const media = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment" },
    audio: false,
  });
  try {
    video.srcObject = media;
    await video.play();
    while (!signal.aborted) {
      const code = await readCode(video);
      if (code) return code;
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
    return "";
  } finally {
    media.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  }
}
