// A field in which somebody signs with finger, pen or mouse: what is drawn goes into a hidden input as an SVG path.

const LONGEST = 20000;
const signature = document.querySelector("[data-signature]");
const pad = signature?.querySelector("[data-signature-pad]");
const field = pad?.querySelector("svg");
const path = field?.querySelector("path");
const input = signature?.querySelector("[name=drawing]");
let pointer = null;
let last = "";

function pointOf(event) {
  const box = field.getBoundingClientRect();
  const { width, height } = field.viewBox.baseVal;
  const across = Math.round(((event.clientX - box.left) / box.width) * width);
  const down = Math.round(((event.clientY - box.top) / box.height) * height);
  return `${Math.min(Math.max(across, 0), width)} ${Math.min(Math.max(down, 0), height)}`;
}

function draw(words) {
  if (input.value.length + words.length > LONGEST) return;
  input.value += words;
  path.setAttribute("d", input.value);
}

function begin(event) {
  if (pointer !== null || !event.isPrimary) return;
  pointer = event.pointerId;
  field.setPointerCapture(pointer);
  last = pointOf(event);
  // A dot is a line of no length, so whatever was begun is a whole path.
  draw(`M${last}L${last}`);
}

function go(event) {
  if (event.pointerId !== pointer) return;
  const point = pointOf(event);
  if (point === last) return;
  last = point;
  draw(`L${point}`);
}

function end(event) {
  if (event.pointerId === pointer) pointer = null;
}

if (pad && input) {
  pad.hidden = false;
  // What could not be read is not drawn on.
  input.value = path.getAttribute("d") ?? "";
  field.addEventListener("pointerdown", begin);
  field.addEventListener("pointermove", go);
  field.addEventListener("pointerup", end);
  field.addEventListener("pointercancel", end);
  pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
    input.value = "";
    path.setAttribute("d", "");
  });
}
