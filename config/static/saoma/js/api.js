/* Calls to the server. Every failure is a Problem with the server's own code and sentence. */

export class Problem extends Error {
  constructor({ status = 0, code = "no_network", detail = "", field = "", facts = {} }) {
    super(detail || code);
    Object.assign(this, { status, code, field, facts });
  }
}

/**
 * Call the server with JSON.
 * @param {string} path
 * @param {{method?: string, body?: object, token?: string, key?: string}} options
 *   `key` becomes the Idempotency-Key, so that a repeat is a repeat.
 */
export async function call(path, { method, body, token, key } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  let response;
  try {
    response = await fetch(path, {
      method: method || (body === undefined ? "GET" : "POST"),
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
    });
  } catch {
    throw new Problem({});
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    throw new Problem({ status: response.status, code: "unreadable_answer" });
  }
  if (!response.ok) {
    const first = answer?.errors?.[0]?.detail;
    throw new Problem({ status: response.status, ...answer, detail: first || answer?.detail });
  }
  return answer;
}

/** A fresh idempotency key: one for each intent of the person, made before sending. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
