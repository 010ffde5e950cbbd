/* Base45 (RFC 9285): two bytes are three characters of QR's alphanumeric mode.
   Mirrors healthcode/codec/base45.py; the browser tests hold the two together. */

import { Refused } from "./refused.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));

/** Write bytes in Base45; an odd last byte takes two characters. */
export function encode(data) {
  let text = "";
  for (let i = 0; i + 1 < data.length; i += 2) {
    const word = data[i] * 256 + data[i + 1];
    text += ALPHABET[word % 45] + ALPHABET[Math.floor(word / 45) % 45];
    text += ALPHABET[Math.floor(word / 2025)];
  }
  if (data.length % 2) {
    const last = data[data.length - 1];
    text += ALPHABET[last % 45] + ALPHABET[Math.floor(last / 45)];
  }
  return text;
}

/** Read Base45 strictly; throws Refused. */
export function decode(text) {
  const values = [];
  for (const character of text) {
    const value = VALUES.get(character);
    if (value === undefined) throw new Refused("encoding", "base45_character");
    values.push(value);
  }
  const rest = values.length % 3;
  if (rest === 1) throw new Refused("encoding", "base45_length");
  const data = new Uint8Array(((values.length - rest) / 3) * 2 + (rest ? 1 : 0));
  let at = 0;
  if (rest === 2) {
    const last = values[values.length - 2] + 45 * values[values.length - 1];
    if (last > 0xff) throw new Refused("encoding", "base45_overflow");
    data[data.length - 1] = last;
  }
  for (let i = 0; i + 2 < values.length; i += 3) {
    const word = values[i] + 45 * values[i + 1] + 2025 * values[i + 2];
    if (word > 0xffff) throw new Refused("encoding", "base45_overflow");
    data[at] = word >> 8;
    data[at + 1] = word & 0xff;
    at += 2;
  }
  return data;
}
