// json-server with json-server-auth: an account may read its own record.

import jsonServer from "json-server";
import auth from "json-server-auth";
import constants from "json-server-auth/dist/constants.js";

// It has no setting for that.
constants.JWT_EXPIRES_IN = "5s";

const app = jsonServer.create();
const router = jsonServer.router({ users: [] });
app.db = router.db;
app.use(auth.rewriter({ users: 600 }), auth, router);

const server = app.listen(0, "127.0.0.1", async () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  const body = JSON.stringify({ email: "ada@example.com", password: "correct horse 9" });
  await fetch(`${address}/register`, { method: "POST", headers: { "content-type": "application/json" }, body });
  console.log(address);
});
