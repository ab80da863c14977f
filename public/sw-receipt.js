// Part of the service worker: tells the page which requests it saw, with method and size of the body. Answers none of them.
'use strict';
{
  const MOST_KEPT = 2000;
  const kept = [];
  const channel = new BroadcastChannel('kindred-requests');
  channel.addEventListener('message', ({ data }) => {
    if (data.kind === 'ask') channel.postMessage({ kind: 'sent', sent: kept });
  });
  const note = (url, method, bytesOut) => {
    const sent = { url, method, bytesOut };
    kept.push(sent);
    kept.splice(0, kept.length - MOST_KEPT);
    channel.postMessage({ kind: 'sent', sent: [sent] });
  };
  self.addEventListener('fetch', ({ request }) => {
    const { url, method } = request;
    if (method === 'GET' || method === 'HEAD') note(url, method, 0);
    else
      request
        .clone()
        .arrayBuffer()
        .then((body) => note(url, method, body.byteLength))
        .catch(() => note(url, method, 0));
  });
}
