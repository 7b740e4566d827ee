// Comfort only: every page works without this. It adds waiting words, secrets that can be looked
// at, filtering as one types, progress as it happens, and answers as they come.
"use strict";

const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** The token in the address's fragment, which never leaves the browser, goes into the form. */
function takeTokenFromAddress() {
  const secret = document.querySelector("#sign-in #secret");
  if (!secret || location.hash.length < 2) return;
  secret.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
}

/** A button beside each secret shows and hides it. */
function offerToShowSecrets() {
  for (const input of document.querySelectorAll("input[data-secret]")) {
    const button = document.createElement("button");
    const name = document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.firstChild?.data ?? "";
    button.type = "button";
    button.className = "quiet";
    button.textContent = "Show";
    button.setAttribute("aria-label", `Show ${name.trim()}`);
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? "Show" : "Hide";
      button.setAttribute("aria-label", `${shown ? "Show" : "Hide"} ${name.trim()}`);
    });
    input.after(button);
  }
}

/** A form that takes a while says so, with the seconds, and is not sent twice. */
function sayWhatTakesTime() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.busy) return;
    const button = form.querySelector("button:not([type=button])");
    if (button.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    const begun = performance.now();
    button.setAttribute("aria-busy", "true");
    const words = document.createElement("p");
    words.className = "fine";
    words.setAttribute("role", "status");
    words.textContent = `${form.dataset.busy} …`;
    if (!button.closest("td")) form.append(words);
    setInterval(() => {
      words.textContent = `${form.dataset.busy} … ${Math.round((performance.now() - begun) / 1000)} s`;
    }, 1000);
  });
  // A page that comes back from the browser's cache is not busy any more.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

/** What is typed into a filter is looked for at once; the address follows. */
function filterWhileTyping() {
  const form = document.querySelector("form[data-filter]");
  if (!form) return;
  let waiting;
  let asking;
  const look = async () => {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const address = `${form.action}?${query}`;
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return location.assign(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector(form.dataset.filter).replaceWith(page.querySelector(form.dataset.filter));
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 150);
  });
}

/** Progress as the host sees it; at its end the page is drawn anew. */
function followProgress() {
  const line = document.querySelector("[data-follow]");
  if (!line) return;
  const words = line.querySelector("[data-words]");
  const pill = line.querySelector(".pill");
  let seconds = null;
  let heard = performance.now();
  const source = new EventSource(line.dataset.follow);
  source.addEventListener("progress", (event) => {
    const news = JSON.parse(event.data);
    pill.textContent = news.words;
    seconds = news.seconds;
    heard = performance.now();
  });
  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });
  setInterval(() => {
    if (seconds === null) return;
    words.textContent = `${Math.round(seconds + (performance.now() - heard) / 1000)} s so far`;
  }, 1000);
}

/** The answer of a model, as it comes. */
function streamAnswers() {
  const form = document.querySelector("form[data-try]");
  if (!form) return;
  const answer = document.querySelector("#answer");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    answer.hidden = false;
    answer.textContent = "…";
    answer.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.dataset.try, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": token },
        body: JSON.stringify({ prompt: form.elements.prompt.value }),
      });
      if (!response.ok) {
        const { error } = await response.json();
        answer.textContent = `${error.message} ${error.hint ?? ""}`.trim();
        return;
      }
      answer.textContent = "";
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        answer.append(value);
      }
    } catch {
      answer.append(" The host stopped answering.");
    } finally {
      answer.removeAttribute("aria-busy");
      button.removeAttribute("aria-busy");
    }
  });
}

/** Buttons that copy what stands in another element. */
function offerToCopy() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
    });
  }
}

takeTokenFromAddress();
offerToShowSecrets();
sayWhatTakesTime();
filterWhileTyping();
followProgress();
streamAnswers();
offerToCopy();
document.querySelector("[data-focus]")?.focus();
