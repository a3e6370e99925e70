// Starts the second wasm in a worker, once the first message brings it, compiled: for the page's worker and for the
// workers that it starts. What comes next is heard by the wasm.
importScripts("worker.js");
onmessage = (first) => wasm_bindgen.initSync({ module: first.data });
