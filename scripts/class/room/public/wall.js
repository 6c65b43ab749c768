// Keeps the wall up to date. Without this script the page reloads itself: see the <noscript> in its head.

/** How often it is looked for news, in milliseconds, and how long one look may take. */
const PAUSE = 2000;
const PATIENCE = 10_000;

const wall = document.getElementById('wall');
const status = document.getElementById('status');
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
let seen = new Date();
let lost = false;

/** Takes the wall out of a fresh page. What is in it is markup of our own server, put in as nodes. */
async function look() {
  const response = await fetch('/', { signal: AbortSignal.timeout(PATIENCE) });
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
  const fresh = page.getElementById('wall');
  if (fresh.innerHTML !== wall.innerHTML) wall.replaceChildren(...fresh.childNodes);
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
  setTimeout(keepLooking, PAUSE);
}

setTimeout(keepLooking, PAUSE);
