// Updates the dashboard. Without this script the page reloads itself: see the <noscript> in its head.

/** The pause between two requests and the limit of one, in milliseconds. */
const INTERVAL_MS = 2000;
const REQUEST_LIMIT_MS = 10_000;

const dashboard = document.getElementById('dashboard');
const status = document.getElementById('status');
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
let seen = new Date();
let lost = false;

/** Fetches the page and replaces the dashboard. The markup comes from our own server and is inserted as nodes. */
async function look() {
  const response = await fetch('/', { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
  if (response.redirected) {
    // The session has ended. The login page says what to do.
    location.reload();
    return;
  }
  if (!response.ok)
    throw new Error(
      response.status === 503 ? 'The class cannot reach its database' : 'The class does not answer',
    );
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.getElementById('dashboard');
  if (fresh.innerHTML !== dashboard.innerHTML) dashboard.replaceChildren(...fresh.childNodes);
  document.title = page.title;
  const message = page.getElementById('status').textContent;
  if (message || lost) status.textContent = message;
  lost = false;
  seen = new Date();
}

async function keepLooking() {
  try {
    await look();
  } catch (error) {
    const why =
      error instanceof TypeError || error.name === 'TimeoutError'
        ? 'No connection to the class'
        : error.message;
    status.textContent = `${why}. This is how it was at ${clock.format(seen)}.`;
    lost = true;
  }
  setTimeout(keepLooking, INTERVAL_MS);
}

setTimeout(keepLooking, INTERVAL_MS);
