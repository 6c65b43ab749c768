// Starts Compass's interface in this page. Compass is made for a hosted site and asks its own hosts; here all requests go to this one.
const PROJECT = '000000000000000000000001';
const here = new URL('.', location.href);
const { React, ReactDOM } = window;

/** Requests below this page's address are answered; all others get an empty answer. */
const ask = window.fetch.bind(window);
window.fetch = async (request, options) => {
  const url = new URL(request instanceof Request ? request.url : request, location.href);
  const known = url.host === here.host && url.pathname.startsWith('/explorer/v1/');
  if (known) return ask(new URL(`.${url.pathname}`, here), options);
  // Saved queries and the like: there are none.
  return Response.json([]);
};

/** One tunnel, whatever address Compass asks for. */
const tunnel = new URL('tunnel', here);
tunnel.protocol = 'ws:';
window.WebSocket = class extends WebSocket {
  constructor() {
    super(tunnel);
  }
};

/** Compass keeps its location in a history object. This one starts at the sessions and does not change the page's address. */
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
