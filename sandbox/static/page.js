// The page to play the buyer. Everything foreign is put in as text, never as markup.
const $ = (id) => document.getElementById(id);
const api = "wildberries";
let started = false;
let account = "", conversation = "", shownLines = "", shownChats = "", attached = null;

const kinds = [
  ["429 — слишком часто", { operation: "*", effect: "429", share: 0.5, seconds: 5 }],
  ["500 — ошибка", { operation: "*", effect: "500", share: 0.5 }],
  ["Медленно, 3 с", { operation: "*", effect: "slow", seconds: 3 }],
  ["Обрыв до приёма", { operation: "POST /api/v1/seller/message", effect: "drop_before" }],
  ["Принято, ответ потерян", { operation: "POST /api/v1/seller/message", effect: "drop_after" }],
  ["Ответ обрезан", { operation: "*", effect: "truncate", share: 0.5 }],
  ["События дважды", { operation: "GET /api/v1/seller/events", effect: "duplicate" }],
  ["События вразнобой", { operation: "GET /api/v1/seller/events", effect: "reorder" }],
  ["Ссылки устарели", { operation: "*", effect: "expire_link" }],
  ["Часы +1 час", { operation: "*", effect: "skew", seconds: 3600 }],
].map(([title, fault]) => ({ title, fault: { api, ...fault } }));

async function call(path, body) {
  const answer = await fetch("/_sandbox/" + path, body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const got = await answer.json();
  if (!answer.ok) throw new Error(got.error);
  return got;
}

// tell shows what went wrong, or hides it.
function tell(error) {
  $("problem").hidden = !error;
  $("problem").textContent = error ? "Не получилось: " + error.message : "";
}

function make(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

const clockFormat = new Intl.DateTimeFormat("ru", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const when = (at) => clockFormat.format(new Date(at));
const where = { web: "сайт", global: "глобальный сайт", ios: "iPhone", android: "Android", cabinet: "кабинет продавца", api: "через API" };

function picture(number, size) {
  const image = make("img");
  image.src = "/_sandbox/products/" + number + ".png";
  image.alt = "";
  image.width = image.height = size;
  image.loading = "lazy";
  return image;
}

async function showChats() {
  const chats = await call("chats?" + new URLSearchParams({ api, account }));
  if (!started && chats.length && innerWidth > 700) conversation = chats[0].conversation;
  started = true;
  const now = JSON.stringify(chats) + conversation;
  if (now === shownChats) return;
  shownChats = now;
  $("chats").replaceChildren(...chats.map((chat) => {
    const button = make("button");
    button.type = "button";
    button.setAttribute("aria-current", String(chat.conversation === conversation));
    const name = make("b", chat.buyer);
    name.dir = "auto";
    const said = chat.last.text || (chat.last.files ? "Фото или файл" : "Событие без сообщения");
    button.append(picture(chat.number, 40), name, make("time", when(chat.last.at)),
      make("span", (chat.last.author === "seller" ? "Продавец: " : "") + said, "say"));
    button.addEventListener("click", () => open(chat.conversation));
    const item = make("li");
    item.append(button);
    return item;
  }));
}

function attachment(file) {
  const link = make("a");
  link.href = "/_sandbox/files/" + file.id;
  if (file.type.startsWith("image/")) {
    const image = make("img");
    image.src = link.href;
    image.alt = "Фото: " + file.name;
    link.target = "_blank";
    link.append(image);
  } else {
    link.textContent = "📄 " + file.name;
  }
  return link;
}

function lineOf(line) {
  const item = make("li", undefined, line.empty ? "empty" : line.author);
  if (line.empty) {
    item.append(make("p", "Событие без сообщения"));
  } else if (line.text) {
    const text = make("p", line.text);
    text.dir = "auto";
    item.append(text);
  }
  item.append(...line.files.map(attachment));
  item.append(make("small", [when(line.at), where[line.source]].filter(Boolean).join(" · ")));
  return item;
}

async function showChat() {
  if (!conversation) return;
  const asked = conversation;
  const chat = await call("chat?" + new URLSearchParams({ api, account, conversation }));
  if (asked !== conversation) return;
  $("who").textContent = chat.buyer;
  $("what").textContent = `${chat.product} · арт. ${chat.number} · ${chat.price} ₽` + (chat.size === "0" ? "" : ` · размер ${chat.size}`);
  $("picture").src = "/_sandbox/products/" + chat.number + ".png";
  $("picture").hidden = false;
  const lines = chat.lines || [], now = lines.map((line) => line.id).join();
  if (now === shownLines) return;
  const atEnd = $("lines").scrollHeight - $("lines").scrollTop - $("lines").clientHeight < 80 || !shownLines;
  shownLines = now;
  $("lines").replaceChildren(...lines.map(lineOf));
  if (atEnd) $("lines").scrollTop = $("lines").scrollHeight;
}

function open(id) {
  conversation = id;
  shownLines = "";
  document.body.dataset.view = "talk";
  if (!id) {
    $("who").textContent = "Новый покупатель";
    $("what").textContent = "Товар и имя придумаются сами";
    $("picture").hidden = true;
    $("lines").replaceChildren(make("li", "Напишите первое сообщение — появится новый чат.", "empty"));
    $("text").focus();
    document.querySelector("input[value=buyer]").checked = true;
    role();
  }
  refresh();
}

function role() {
  const seller = document.querySelector("input[name=role]:checked").value === "seller";
  $("text").placeholder = seller ? "Ответьте из кабинета продавца…" : "Напишите как покупатель…";
  $("photo").disabled = $("file").disabled = seller;
  return seller;
}

function readFile(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });
}

async function send(event) {
  event.preventDefault();
  const text = $("text").value;
  try {
    let written;
    if (role()) {
      if (!conversation) throw new Error("начать чат может только покупатель");
      written = await call("seller", { api, account, kind: "chat", conversation, text });
    } else {
      const files = $("photo").checked ? [{ name: "photo.jpg", size: 0 }] : [];
      if (attached) files.push({ name: attached.name, size: 0, data: await readFile(attached) });
      written = await call("buyer", { api, account, kind: "chat", conversation, text, files });
    }
    tell(null);
    $("text").value = $("file").value = $("fileName").textContent = "";
    $("photo").checked = false;
    attached = null;
    if (!conversation) open(written.conversation);
    shownLines = "";
    await refresh();
  } catch (error) {
    tell(error);
  }
}

async function showState() {
  const state = await call("summary");
  if (!state.accounts.includes(account)) {
    account = state.accounts[0] || "";
    conversation = "";
  }
  if ($("account").childElementCount !== state.accounts.length || $("account").value !== account) {
    $("account").replaceChildren(...state.accounts.map((name) => make("option", name)));
    $("account").value = account;
  }
  for (const [id, count] of [["received", state.received], ["violations", state.violations[api] || 0], ["duplicates", state.duplicates]]) {
    $(id).textContent = count;
    $(id).classList.toggle("bad", id !== "received" && count > 0);
  }
  const last = state.latest.reverse();
  $("log").replaceChildren(...(last.length ? last.map((one) => {
    const item = make("li", one.text || "Без текста");
    item.append(make("small", [when(one.at), one.account, ...one.files.map((file) => file.name)].join(" · ")));
    return item;
  }) : [make("li", "Пока ничего", "none")]));
}

async function showClock() {
  const clock = await call("clock");
  $("now").textContent = new Date(clock.now).toLocaleString("ru");
  $("scaleNow").textContent = clock.scale === 1 ? "" : "×" + clock.scale;
}

async function showFaults() {
  const standing = (await call("faults")).map((one) => one.effect);
  for (const button of $("faults").children) button.setAttribute("aria-pressed", String(standing.includes(button.dataset.effect)));
}

async function toggle(kind) {
  const standing = await call("faults");
  const kept = standing.filter((one) => one.effect !== kind.fault.effect);
  await call("faults", kept.length === standing.length ? [...kept, kind.fault] : kept);
  await showFaults();
}

let busy = false;
async function refresh() {
  if (busy) return;
  busy = true;
  try {
    await showState();
    await showChats();
    await Promise.all([showChat(), showClock(), showFaults()]);
  } catch (error) {
    tell(error);
  } finally {
    busy = false;
  }
}

for (const kind of kinds) {
  const button = make("button", kind.title);
  button.type = "button";
  button.dataset.effect = kind.fault.effect;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => toggle(kind).then(() => tell(null), tell));
  $("faults").append(button);
}
$("calm").addEventListener("click", () => call("faults", []).then(showFaults).catch(tell));
$("clock").addEventListener("click", (event) => {
  const { advance, scale } = event.target.dataset;
  if (advance) call("clock", { advance }).then(refresh, tell);
  if (scale) call("clock", { scale: Number(scale) }).then(refresh, tell);
});
$("account").addEventListener("change", () => { account = $("account").value; conversation = ""; shownChats = ""; started = false; open(""); document.body.dataset.view = "list"; });
$("fresh").addEventListener("click", () => open(""));
$("back").addEventListener("click", () => { document.body.dataset.view = "list"; });
$("toolsOpen").addEventListener("click", () => {
  $("toolsOpen").setAttribute("aria-expanded", String(document.body.classList.toggle("tools-open")));
});
$("file").addEventListener("change", () => { attached = $("file").files[0] || null; $("fileName").textContent = attached ? attached.name : ""; });
for (const radio of document.querySelectorAll("input[name=role]")) radio.addEventListener("change", role);
$("text").addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("write").requestSubmit(); });
$("write").addEventListener("submit", send);
refresh();
setInterval(() => { if (!document.hidden) refresh(); }, 1500);
