// A server of somebody else's, which takes whatever it is sent and lets any page read its answers.

import { createServer } from "node:http";

export class Foreign {
  /** The headers of every request, preflights among them. */
  seen = [];

  async open() {
    this.server = createServer((request, response) => {
      this.seen.push(request.headers);
      const allowed = { "access-control-allow-origin": "*", "access-control-allow-headers": "*, authorization", "access-control-allow-methods": "*" };
      response.writeHead(200, { ...allowed, "content-type": "application/json" }).end("{}");
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
