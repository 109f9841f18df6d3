// The page to play the buyer. Everything foreign is put in as text, never as markup.
const $ = (id) => document.getElementById(id);
let api = "";
const titles = { wildberries: "Wildberries", yandexmarket: "Яндекс Маркет" };
let started = false;
let account = "", kind = "chat", conversation = "", shownLines = "", shownChats = "", attached = null;
let posts = []; // what stands in the list of a kind other than chat
const names = {
  chat: { one: "чат", fresh: "+ Новый покупатель", empty: "Напишите первое сообщение — появится новый чат." },
  question: { one: "вопрос", fresh: "+ Новый вопрос", empty: "Задайте вопрос о товаре — он появится в списке." },
  review: { one: "отзыв", fresh: "+ Новый отзыв", empty: "Поставьте оценку и, если хотите, напишите отзыв." },
  claim: { one: "заявка", fresh: "+ Новая заявка", empty: "Опишите, что не так с товаром — появится заявка на возврат." },
};
const decisions = {
  approve1: "Одобрить с проверкой брака", approve2: "Одобрить и забрать товар", autorefund1: "Вернуть деньги без возврата товара",
  reject1: "Отклонить: брак не обнаружен", reject2: "Отклонить: нужны фото или видео", reject3: "Отклонить: в сервисный центр", rejectcustom: "Отклонить с комментарием",
  approvecc1: "Одобрить с возвратом в магазин", confirmreturngoodcc1: "Подтвердить приёмку товара", rejected: "Вопрос отклонён",
};
const states = { checking: "на проверке", refused: "отклонён модерацией", shown: "" };

// Both posts of a seller's words, messages and answers to reviews, match the pattern of the two cuts.
const troubles = [
  ["429 — слишком часто", { operation: "*", effect: "429", share: 0.5, seconds: 5 }],
  ["500 — ошибка", { operation: "*", effect: "500", share: 0.5 }],
  ["Медленно, 3 с", { operation: "*", effect: "slow", seconds: 3 }],
  ["Обрыв до приёма", { operation: "POST /api/v1/*/*", effect: "drop_before" }],
  ["Принято, ответ потерян", { operation: "POST /api/v1/*/*", effect: "drop_after" }],
  ["Ответ обрезан", { operation: "*", effect: "truncate", share: 0.5 }],
  ["Списки дважды", { operation: "*", effect: "duplicate" }],
  ["Списки вразнобой", { operation: "*", effect: "reorder" }],
  ["Ссылки устарели", { operation: "*", effect: "expire_link" }],
  ["Часы +1 час", { operation: "*", effect: "skew", seconds: 3600 }],
].map(([title, fault]) => ({ title, fault }));
// Where a message of the seller goes at the other remote sides.
const writes = { yandexmarket: "POST /v2/businesses/{id}/chats/message" };

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

const stars = (n) => "★".repeat(n) + "☆".repeat(5 - n);

// asChat shows a post in the list as chats are shown.
const asChat = (post) => ({
  conversation: post.conversation, number: post.number, buyer: post.buyer || "Без имени",
  last: { text: (post.stars ? stars(post.stars) + " " : "") + (post.reply ? "✓ " : "") + post.text, at: post.at, author: "buyer", files: 0 },
});

async function showChats() {
  const asked = kind;
  const found = await call((kind === "chat" ? "chats?" : "posts?") + new URLSearchParams({ api, account, kind }));
  if (asked !== kind) return;
  posts = kind === "chat" ? [] : found;
  const chats = kind === "chat" ? found : found.map(asChat);
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

// linesOf tells a post as a talk: what the buyer wrote and what the seller answered.
function linesOf(post) {
  const said = [post.stars ? stars(post.stars) : "", post.supplement ? "Дополнение" : "", post.text, post.pros && "Достоинства: " + post.pros,
    post.cons && "Недостатки: " + post.cons, (post.tags || []).join(", ")].filter(Boolean).join("\n");
  const lines = [lineOf({ author: "buyer", text: said, at: post.at, source: "", files: post.files })];
  const reply = post.reply;
  if (reply) {
    const text = [decisions[reply.verdict], reply.text].filter(Boolean).join("\n") || "Решение принято";
    const line = lineOf({ author: "seller", text, at: reply.at, source: "", files: [] });
    line.lastChild.textContent += [states[reply.state], reply.edits ? "изменён" : ""].filter(Boolean).map((s) => " · " + s).join("");
    lines.push(line);
  }
  return lines;
}

function showPost() {
  const post = posts.find((one) => one.conversation === conversation);
  if (!post) return;
  $("who").textContent = post.buyer || "Без имени";
  $("what").textContent = `${post.product} · арт. ${post.number} · ${post.price} ₽` + (post.size === "0" ? "" : ` · размер ${post.size}`);
  $("picture").src = "/_sandbox/products/" + post.number + ".png";
  $("picture").hidden = false;
  const now = JSON.stringify(post);
  if (now === shownLines) return;
  shownLines = now;
  $("lines").replaceChildren(...linesOf(post));
  $("stars").value = String(post.stars || 5);
  $("decision").replaceChildren(...(post.decisions || []).map((name) => {
    const option = make("option", decisions[name] || name);
    option.value = name;
    return option;
  }));
  role();
}

async function showChat() {
  if (!conversation) return;
  if (kind !== "chat") {
    showPost();
    return;
  }
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
    $("lines").replaceChildren(make("li", names[kind].empty, "empty"));
    $("text").focus();
    document.querySelector("input[value=buyer]").checked = true;
  }
  role();
  refresh();
}

function role() {
  const seller = document.querySelector("input[name=role]:checked").value === "seller";
  $("text").placeholder = seller ? "Ответьте из кабинета продавца…" : "Напишите как покупатель…";
  $("photo").disabled = $("file").disabled = seller || kind === "question";
  $("starsField").hidden = seller || kind !== "review";
  $("decisionField").hidden = !seller || kind !== "claim" || !conversation;
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
      if (!conversation) throw new Error("начать может только покупатель");
      const said = kind === "claim" ? ($("decision").value + " " + text).trim() : text;
      written = await call("seller", { api, account, kind, conversation, text: said });
    } else {
      const files = $("photo").checked ? [{ name: "photo.jpg", size: 0 }] : [];
      if (attached) files.push({ name: attached.name, size: 0, data: await readFile(attached) });
      const body = { api, account, kind, conversation, text, files };
      const comments = api === "yandexmarket" && conversation; // a word under a review or a question is a comment there
      if (kind === "review" && !comments) body.rating = Number($("stars").value);
      if (conversation && (kind === "question" || kind === "claim") && !comments) throw new Error(names[kind].one + " покупатель изменить не может — нажмите «" + names[kind].fresh + "»");
      written = await call("buyer", body);
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
  const value = (one) => one.api + "/" + one.name;
  if (!state.cabinets.some((one) => one.api === api && one.name === account)) {
    ({ api, name: account } = state.cabinets[0] || { api: "", name: "" });
    conversation = "";
  }
  if ($("account").childElementCount !== state.cabinets.length || $("account").value !== api + "/" + account) {
    const several = new Set(state.cabinets.map((one) => one.api)).size > 1;
    $("account").replaceChildren(...state.cabinets.map((one) => {
      const option = make("option", one.name + (several ? " · " + (titles[one.api] || one.api) : ""));
      option.value = value(one);
      return option;
    }));
    $("account").value = api + "/" + account;
  }
  showKinds();
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

async function toggle(trouble) {
  const standing = await call("faults");
  const kept = standing.filter((one) => one.effect !== trouble.fault.effect);
  const fault = { ...trouble.fault, api };
  if (fault.operation !== "*") fault.operation = writes[api] || fault.operation;
  await call("faults", kept.length === standing.length ? [...kept, fault] : kept);
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

for (const trouble of troubles) {
  const button = make("button", trouble.title);
  button.type = "button";
  button.dataset.effect = trouble.fault.effect;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => toggle(trouble).then(() => tell(null), tell));
  $("faults").append(button);
}
$("calm").addEventListener("click", () => call("faults", []).then(showFaults).catch(tell));
$("clock").addEventListener("click", (event) => {
  const { advance, scale } = event.target.dataset;
  if (advance) call("clock", { advance }).then(refresh, tell);
  if (scale) call("clock", { scale: Number(scale) }).then(refresh, tell);
});
document.querySelector(".tabs").addEventListener("click", (event) => {
  if (!event.target.dataset.kind) return;
  choose(event.target.dataset.kind);
  anew();
});

function choose(chosen) {
  kind = chosen;
  for (const tab of document.querySelectorAll(".tabs button")) tab.setAttribute("aria-pressed", String(tab.dataset.kind === kind));
  $("fresh").textContent = names[kind].fresh;
}

// anew begins at the top of another list.
function anew() {
  conversation = "";
  shownChats = "";
  started = false;
  open("");
  document.body.dataset.view = "list";
}

// showKinds hides what the chosen remote side does not have.
function showKinds() {
  const claims = document.querySelector(".tabs button[data-kind=claim]");
  claims.hidden = api === "yandexmarket";
  if (claims.hidden && kind === "claim") choose("chat");
}

$("account").addEventListener("change", () => {
  const [first, ...rest] = $("account").value.split("/");
  api = first;
  account = rest.join("/");
  showKinds();
  anew();
});
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
