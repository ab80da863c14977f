// Gives every <iframe data-kindred> on the page the height of its content. Listens only to those frames, each from its own origin.
addEventListener('message', (event) => {
  const { data, origin, source } = event;
  if (data?.kindred !== 1 || data.type !== 'resize' || !Number.isFinite(data.heightPx)) return;
  for (const frame of document.querySelectorAll('iframe[data-kindred]')) {
    if (frame.contentWindow === source && new URL(frame.src, document.baseURI).origin === origin) {
      frame.style.blockSize = `${Math.min(data.heightPx, 20_000)}px`;
    }
  }
});
