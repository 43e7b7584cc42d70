// Asks how far something is that a worker does, and shows the page anew when there is something else to see.
"use strict";
{
  const bar = document.getElementById("progress");
  const ask = async () => {
    const answer = await fetch(bar.dataset.ask, { headers: { Accept: "application/json" } });
    if (!answer.ok) return window.location.reload();
    const told = await answer.json();
    if (told.is_over) return window.location.reload();
    bar.value = told.percent;
    bar.textContent = `${told.percent} %`;
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 500);
}
