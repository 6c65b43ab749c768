import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { closeServer } from '../../shared/close-server.ts';
import type { RunningLesson } from '../running-lesson.ts';
import { Door } from './doors/door.ts';
import { newShoppers, type ShopperState } from './doors/shoppers.ts';
import { type Address, addressOf } from './site/addresses.ts';
import type { Bench, Course } from './site/bench.ts';
import { listen } from './site/listen.ts';
import { Regions } from './site/regions.ts';
import { siteOf } from './site/site.ts';
import { Updates } from './site/updates.ts';
import { exchangesView, type PageState, statusView } from './view/page-view.ts';
import { type ShownShopper, shopperBar } from './view/shoppers-view.ts';
import { stepsView } from './view/steps-view.ts';
import { switchesView } from './view/switches-view.ts';
import { exchangeLine } from './view/xray-view.ts';
import type { SeenExchange } from './xray/exchange.ts';
import { XRay } from './xray/xray.ts';

/** The first of the usual ports: the page, and after it the shoppers' doors. Others when they are taken. */
const FAVOURITE_PORT = 4100;

/** The page of the lesson that is open: what happens in it, shown as it happens. */
export class Workbench implements Bench {
  readonly xray: XRay;
  readonly course: Course;
  readonly updates = new Updates();
  readonly token = randomBytes(18).toString('base64url');
  readonly shoppers: readonly ShopperState[];
  readonly #server: Server;
  readonly #regions: Regions;
  #address: Address | undefined;
  #entries: ReadonlyMap<string, Address> = new Map();
  #doors: readonly Door[] = [];
  #lesson: RunningLesson | undefined;
  /** How many lessons have been opened: a page that shows an earlier one must be reloaded. */
  #opened = 0;
  #lines = new Set<SeenExchange>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(course: Course) {
    this.course = course;
    this.xray = new XRay((exchange) => this.#exchangeChanged(exchange), this.now);
    this.shoppers = newShoppers(this.now);
    this.#server = createServer(siteOf(this));
    this.#regions = new Regions(this.updates, {
      steps: () => stepsView(this.lesson, course.engine, this.base),
      switches: () => switchesView(this.lesson, this.base),
      status: () => statusView(this.lesson),
      exchanges: () => exchangesView({ exchanges: this.xray.exchanges }),
      ...Object.fromEntries(
        this.shoppers.map((each) => [
          `bar-${each.name.toLowerCase()}`,
          () => shopperBar(this.#shown(each), this.shoppers, this.base),
        ]),
      ),
    });
  }

  /** Serves the page and the doors on 127.0.0.1. @throws UsageError when WORKSHOP_ADDRESS is no address */
  static async open(course: Course): Promise<Workbench> {
    const bench = new Workbench(course);
    bench.#address = addressOf(await listen(bench.#server, FAVOURITE_PORT));
    const doors = await Promise.all(
      bench.shoppers.map((each, i) => bench.#openDoor(each, FAVOURITE_PORT + 1 + i)),
    );
    bench.#doors = doors.map(({ door }) => door);
    bench.#entries = new Map(doors.map(({ door, name }) => [name, door.address]));
    return bench;
  }

  /** The address of the page, with the token that lets its reader in. */
  get url(): string {
    return `${this.address.origin}${this.base}`;
  }

  get address(): Address {
    if (!this.#address) throw new Error('The workbench is not open yet.');
    return this.#address;
  }

  /** The addresses that frames of the page come from. */
  get doorOrigins(): string[] {
    return [...this.#entries.values()].map(({ origin }) => origin);
  }

  get base(): string {
    return `/${this.token}/`;
  }

  /** The lesson that is open. */
  get lesson(): RunningLesson {
    if (!this.#lesson) throw new Error('No lesson is open.');
    return this.#lesson;
  }

  /** The clock of shop and shoppers, in milliseconds. */
  readonly now = (): number => (this.#lesson?.shop.clock.now() ?? new Date()).getTime();

  get state(): PageState {
    const { lesson, base, xray, course } = this;
    const shoppers = this.shoppers.map((each) => this.#shown(each));
    return {
      lesson,
      base,
      shoppers,
      exchanges: xray.exchanges,
      lessons: course.lessons(),
      engine: course.engine,
      opened: this.#opened,
    };
  }

  /** Shows a lesson from now on. Its shoppers are new: a lesson's state ends with it. */
  show(lesson: RunningLesson): void {
    this.#lesson = lesson;
    this.#opened++;
    this.xray.clear();
    this.shoppers.forEach((each, i) => {
      each.cookies.clear();
      Object.assign(each, { isHere: i < 2, path: '/', isLost: false });
    });
    lesson.on('change', () => {
      this.#regions.touch('steps', 'switches', 'status');
      if (lesson.shop.port !== undefined) this.#letIn();
    });
    this.#sayLesson();
  }

  /** Redraws these parts of the page, or all when none is named. */
  changed(...ids: readonly string[]): void {
    this.#regions.touch(...ids);
  }

  /** Called when a page has connected: sends it everything. */
  connected(): void {
    this.#sayLesson();
    this.#regions.resend();
    this.updates.send(
      'shoppers',
      this.shoppers.filter(({ isHere }) => isHere).map(({ name }) => name.toLowerCase()),
    );
    this.updates.send('clock', { ahead: this.now() - Date.now() });
  }

  #sayLesson(): void {
    this.updates.send('lesson', { opened: this.#opened });
  }

  /** Shows words at the foot of the page, and to screen readers. */
  readonly say = (words: string): void => {
    this.updates.send('say', { words });
  };

  async close(): Promise<void> {
    this.updates.close();
    clearTimeout(this.#timer);
    await Promise.all([closeServer(this.#server), ...this.#doors.map((door) => door.close())]);
  }

  async #openDoor(shopper: ShopperState, favourite: number): Promise<{ name: string; door: Door }> {
    const { xray, token } = this;
    const door = await Door.open(favourite, {
      shopper: shopper.name,
      token,
      cookies: shopper.cookies,
      xray,
      shopPort: () => this.#lesson?.shop.port,
      onPage: (path) => {
        Object.assign(shopper, { path, isLost: false });
      },
      onLost: () => {
        shopper.isLost = true;
      },
      onAnswer: () => this.#regions.touch(`bar-${shopper.name.toLowerCase()}`),
    });
    return { name: shopper.name, door };
  }

  /** The shop is open: reloads the frames that showed there was none. */
  #letIn(): void {
    // Without a page, a later change reloads them.
    if (this.updates.pages === 0) return;
    const lost = this.shoppers.filter(({ isHere, isLost }) => isHere && isLost);
    for (const each of lost) each.isLost = false;
    if (lost.length > 0)
      this.updates.send(
        'reload',
        lost.map(({ name }) => name.toLowerCase()),
      );
  }

  #shown(shopper: ShopperState): ShownShopper {
    const origin = this.#entries.get(shopper.name)?.origin ?? '';
    return { ...shopper, entry: `${origin}/__enter/${this.token}` };
  }

  /** Draws many requests together, a few times a second. */
  #exchangeChanged(exchange: SeenExchange): void {
    this.#lines.add(exchange);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const lines = [...this.#lines].filter((each) => this.xray.find(each.number));
      this.#lines.clear();
      if (this.updates.pages === 0) return;
      for (const each of lines)
        this.updates.send('exchange', { n: each.number, html: exchangeLine(each).text });
    }, 80).unref();
  }
}
