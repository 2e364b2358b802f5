// Work for pages, and what became of it, by a WebSocket that each page opens: for a driver that can speak to one page at a time only, waits
// for one that is frozen, and speaks to none any more when one has crashed.

import { createServer } from "node:http";
import { WebSocket, WebSocketServer } from "ws";

export class Errands {
  #lines = [];

  static async open() {
    const errands = new Errands();
    errands.server = createServer((request, response) => errands.#serve(request, response));
    errands.sockets = new WebSocketServer({ server: errands.server });
    errands.sockets.on("connection", (socket, request) => errands.#lineOf(request)?.answer(socket));
    await new Promise((resolve) => errands.server.listen(0, "127.0.0.1", resolve));
    return errands;
  }

  /** A line to one page, which opens its end with `obey` and the line's address. */
  line() {
    const line = new Line(`127.0.0.1:${this.server.address().port}/${this.#lines.length}`);
    this.#lines.push(line);
    return line;
  }

  #lineOf = ({ url }) => this.#lines[Number(url.split("/")[1])];

  // A page whose policy forbids `eval` can still import what it shall run.
  #serve(request, response) {
    const source = this.#lineOf(request)?.source(Number(request.url.split("/")[2]));
    if (source === undefined) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/javascript", "access-control-allow-origin": "*" }).end(source);
  }

  close() {
    for (const socket of this.sockets.clients) socket.terminate();
    this.server.closeAllConnections();
    this.server.close();
  }
}

class Line {
  #errands = [];
  #socket;
  #answered;

  constructor(address) {
    this.address = address;
    this.hangUp();
  }

  /** Runs a function in the page with that argument, both as text; gives what becomes of it. */
  async run(work, argument = null) {
    const socket = await this.#socket;
    if (socket.readyState !== WebSocket.OPEN) throw new Error("the page is gone");
    const given = JSON.stringify(JSON.stringify(argument));
    const errand = { socket, source: `export default () => (${work})(JSON.parse(${given}));` };
    const outcome = new Promise((resolve, reject) => Object.assign(errand, { resolve, reject }));
    socket.send(String(this.#errands.push(errand) - 1));
    return outcome;
  }

  source = (number) => this.#errands[number]?.source;

  answer(socket) {
    socket.on("message", (message) => {
      const { number, value, error } = JSON.parse(message);
      const { resolve, reject } = this.#errands[number];
      if (error === undefined) resolve(value);
      else reject(new Error(`in the page: ${error}`));
    });
    socket.on("close", () => {
      for (const errand of this.#errands) if (errand.socket === socket) errand.reject(new Error("the page is gone"));
    });
    this.#answered(socket);
  }

  /** What is to be run from now on is for the page that will open its end next. */
  hangUp() {
    this.#socket = new Promise((resolve) => (this.#answered = resolve));
  }
}

/** Runs in the page. */
export function obey(address) {
  const line = new WebSocket(`ws://${address}`);
  line.onmessage = ({ data: number }) => {
    const errand = import(`http://${address}/${number}`).then((module) => module.default());
    errand.then(
      (value) => line.send(JSON.stringify({ number, value })),
      (error) => line.send(JSON.stringify({ number, error: error instanceof Error ? `${error}\n${error.stack}` : String(error) })),
    );
  };
}
