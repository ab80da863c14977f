// Gives the event loop a turn, so that messages, clicks and paints come in between.

/** Resolves in a task of the event loop, not a microtask. Not setTimeout: browsers stretch nested timers to 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
