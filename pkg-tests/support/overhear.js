// The first script of the test page: writes down what every other script of the page, of its console or of its origin could hear. Part of
// the page, since not every driver can slip a script in ahead of the page's own, or tells what the console says.

{
  const overheard = (globalThis.overheard = []);
  const spelled = (value) => (value instanceof Error ? `${value}\n${value.stack}` : typeof value === "string" ? value : JSON.stringify(value));

  const { postMessage } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.postMessage = function (message) {
    overheard.push(`broadcast: ${JSON.stringify(message)}`);
    return postMessage.call(this, message);
  };

  for (const name of ["debug", "log", "info", "warn", "error", "trace"]) {
    const write = console[name];
    console[name] = (...said) => {
      overheard.push(`console: ${said.map(spelled).join(" ")}`);
      write.apply(console, said);
    };
  }

  addEventListener("error", ({ message, error }) => overheard.push(`page error: ${message} ${spelled(error)}`));
  addEventListener("unhandledrejection", ({ reason }) => overheard.push(`page error: ${spelled(reason)}`));
}
