// A headless Chromium, spoken to over its debugging pipe: file descriptors 3 and 4, a JSON
// message and a NUL at a time. No package is needed.
import { spawn } from "node:child_process";

export class Browser {
  constructor(program, profile) {
    const sandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
    this.child = spawn(program, ["--headless", "--remote-debugging-pipe", "--disable-gpu",
      "--no-first-run", "--hide-scrollbars", `--user-data-dir=${profile}`, ...sandbox, "about:blank"],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.next = 1;
    this.waiting = new Map();
    this.events = [];
    let rest = "";
    this.child.stdio[4].setEncoding("utf8").on("data", (text) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop();
      for (const message of messages) this.take(JSON.parse(message));
    });
    this.ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.ended.then(() => {
      for (const { reject } of this.waiting.values()) reject(new Error("the browser ended"));
    });
  }

  take(message) {
    if (message.id === undefined) {
      this.events.push(message);
      return;
    }
    const { resolve, reject } = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) reject(new Error(message.error.message));
    else resolve(message.result);
  }

  send(method, params = {}) {
    const id = this.next++;
    const answer = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.session })}\0`);
    return answer;
  }

  async open() {
    const { targetInfos } = await this.send("Target.getTargets");
    const { targetId } = targetInfos.find((target) => target.type === "page");
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    this.session = sessionId;
    for (const domain of ["Page", "Runtime", "Network", "Log", "DOM", "Accessibility"]) await this.send(`${domain}.enable`);
  }

  // Goes to an address and waits until all of it is there.
  async go(url) {
    this.events = [];
    await this.send("Page.navigate", { url });
    await this.event("Page.loadEventFired");
  }

  async event(method) {
    for (let tries = 0; tries < 600; tries++) {
      const found = this.events.find((event) => event.method === method);
      if (found) return found.params;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no ${method} in 30 s`);
  }

  named(method) {
    return this.events.filter((event) => event.method === method).map((event) => event.params);
  }

  async run(expression) {
    const answer = await this.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
    return answer.result.value;
  }

  async count(selector) {
    const { root } = await this.send("DOM.getDocument");
    const { nodeIds } = await this.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector });
    return nodeIds.length;
  }

  // How many of them have a box with an area: are to be seen.
  async countSeen(selector) {
    const { root } = await this.send("DOM.getDocument");
    const { nodeIds } = await this.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector });
    let seen = 0;
    for (const nodeId of nodeIds) {
      try {
        const { model } = await this.send("DOM.getBoxModel", { nodeId });
        seen += model.width > 0 && model.height > 0;
      } catch {
        // It has no box.
      }
    }
    return seen;
  }

  async size(width, height, dark) {
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await this.send("Emulation.setEmulatedMedia",
      { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
  }

  async key(key, code) {
    for (const type of ["rawKeyDown", "keyUp"]) {
      await this.send("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code });
    }
    if (key === "Enter") await this.send("Input.dispatchKeyEvent", { type: "char", key, text: "\r" });
  }

  async picture() {
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  }

  async close() {
    this.session = undefined;
    await this.send("Browser.close").catch(() => {});
    await this.ended;
  }
}
