// The clock of an online test: minutes and seconds to its end, said aloud at five and at one, handed in when it is over.

const clock = document.querySelector("[data-countdown]");
const said = document.querySelector("[data-countdown-said]");
const ends = Date.parse(clock?.dataset.countdown);
let isOver = false;

function tick() {
  const seconds = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  clock.textContent = ` (${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")})`;
  if (seconds === 300) said.textContent = said.dataset.five;
  if (seconds === 60) said.textContent = said.dataset.one;
  if (seconds || isOver) return;
  isOver = true;
  // What is answered so far goes in, within the seconds of grace.
  const form = document.getElementById(clock.dataset.form);
  form.requestSubmit(form.querySelector("[name=anyway]"));
}

// A page that is opened after its time shows no clock.
if (clock && ends > Date.now()) {
  tick();
  setInterval(tick, 1000);
}
