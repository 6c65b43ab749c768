// Starts Compass's interface in this page. Compass was made for a hosted site and reaches for hosts of its own; here it gets only this one.
const PROJECT = '000000000000000000000001';
const here = new URL('.', location.href);
const { React, ReactDOM } = window;

/** What Compass may ask lies below this page's address; for all else there is an empty answer. */
const ask = window.fetch.bind(window);
window.fetch = async (request, options) => {
  const url = new URL(request instanceof Request ? request.url : request, location.href);
  const known = url.host === here.host && url.pathname.startsWith('/explorer/v1/');
  if (known) return ask(new URL(`.${url.pathname}`, here), options);
  // Saved queries and the like: Compass takes it that there are none.
  return Response.json([]);
};

/** Whatever address Compass has in mind, there is one tunnel. */
const tunnel = new URL('tunnel', here);
tunnel.protocol = 'ws:';
window.WebSocket = class extends WebSocket {
  constructor() {
    super(tunnel);
  }
};

/** Compass keeps its place in a history. This one begins at the sessions and leaves the address of the page alone. */
const history = {
  location: { pathname: await (await ask(new URL('place', here))).json() },
  replace(pathname) {
    this.location = { pathname };
  },
  block: () => () => {},
};

window.__compassWebSharedRuntime = { React, ReactDOM };
const { CompassWeb } = await import(new URL('compass/compass-web.mjs', here));
const props = { orgId: PROJECT, projectId: PROJECT, appName: 'npm run compass', history };
ReactDOM.createRoot(document.getElementById('compass')).render(React.createElement(CompassWeb, props));
