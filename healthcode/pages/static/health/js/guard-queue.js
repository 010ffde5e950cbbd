/* Verdicts made without network wait here, without anything about anybody, until it is back. */

import { load, save } from "./store.js";
import { now } from "./time.js";

const QUEUE = "guard/queue";
const BATCH = 200;

/** A UUID of version 7: ids of one terminal come in the order of its verdicts. */
export function uuid7(at) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = BigInt(Math.floor(at));
  for (let i = 0; i < 6; i += 1) bytes[i] = Number((time >> BigInt(40 - 8 * i)) & 0xffn);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const waiting = async () => (await load(QUEUE)) ?? [];

/** Note what was seen: the verdict, the colour, the time. */
export async function note({ verdict, colour, reason }) {
  const at = now();
  const entry = { id: uuid7(at), at: new Date(at).toISOString(), verdict, colour, reason };
  await save(QUEUE, [...(await waiting()), entry]);
}

/** Hand in what waits; what a server refuses for good is dropped, not sent for ever. */
export async function handIn(api) {
  for (let rest = await waiting(); rest.length; rest = await waiting()) {
    const batch = rest.slice(0, BATCH);
    try {
      await api.handIn(batch);
    } catch (error) {
      if (error.status !== 400) return;
    }
    const sent = new Set(batch.map(({ id }) => id));
    await save(QUEUE, (await waiting()).filter(({ id }) => !sent.has(id)));
  }
}
