// Counts what a page hands to WebGPU, whoever does it. Must be imported before any device is made.

export const counts = { dispatches: 0, submissions: 0 };

/** Makes a method of a prototype add to a count. */
function watch(owner, method, name) {
  const original = owner?.prototype[method];
  if (!original) return;
  owner.prototype[method] = function (...args) {
    counts[name]++;
    return original.apply(this, args);
  };
}

watch(globalThis.GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches');
watch(globalThis.GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', 'dispatches');
watch(globalThis.GPUQueue, 'submit', 'submissions');
