// A dedicated worker with a client in it, told by its first message where the package is; answers with what became of a login and a call.

onmessage = async ({ data: [entry, documents, testing] }) => {
  const [{ createClient }, { gatego }, { fakeApi }] = await Promise.all([entry, documents, testing].map((it) => import(it)));
  const ada = { identifier: "ada", password: "correct horse 9" };
  const baseUrl = "https://api.example.com";
  const api = fakeApi({ dialect: gatego, baseUrl, users: [ada], calls: () => "orders" });
  const auth = createClient({ dialect: gatego, baseUrl, fetch: api.fetch });
  await auth.login(ada);
  api.expire();
  const { status } = await auth.fetch("/orders");
  postMessage([status, auth.state.status, auth.history().map(({ event }) => event)]);
};
