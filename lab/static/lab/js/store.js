/* What a phone keeps: its key, which no script can read, and the aliases lent to it. */

import { call } from "../../saoma/js/api.js";
import { importKey } from "./paycode.js";

const DATABASE = "saoma";
const DEVICES = "devices";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(DEVICES);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(DEVICES, mode).objectStore(DEVICES));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

export const loadDevice = (userId) => inStore("readonly", (store) => store.get(userId));
export const saveDevice = (userId, device) =>
  inStore("readwrite", (store) => store.put(device, userId));
export const dropDevice = (userId) => inStore("readwrite", (store) => store.delete(userId));

/** Whether this browser can make codes by itself: WebCrypto wants https or this machine. */
export const canMakeCodes = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

/** Register this browser as a device of the user and keep its key, unreadable. */
export async function registerDevice(userId, token, label) {
  const answer = await call("/api/v1/devices", { token, body: { label } });
  const device = {
    deviceId: answer.device_id,
    key: await importKey(answer.key),
    aliases: [],
  };
  await saveDevice(userId, device);
  return device;
}
