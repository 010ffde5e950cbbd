/* What the browser keeps: keys no script can read, passes, lists, and what waits to be sent. */

const DATABASE = "saoma-health";
const THINGS = "things";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(THINGS);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(THINGS, mode);
      const request = act(transaction.objectStore(THINGS));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const load = (name) => inStore("readonly", (store) => store.get(name));
export const save = (name, thing) => inStore("readwrite", (store) => store.put(thing, name));
export const drop = (name) => inStore("readwrite", (store) => store.delete(name));

/** Forget everything whose name begins so. */
export const dropAll = (prefix) =>
  inStore("readwrite", (store) => store.delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
