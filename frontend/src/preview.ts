/** An author's page: opens itself anew when its course was loaded again, and shows what is wrong with the folder. Only under `./dev preview`. */

const LOOK_MILLISECONDS = 700;

interface News {
  revision: number;
  loaded: number;
  mistakes: string[];
  lesson: string;
  url: string;
}

const page = document.documentElement;
let shown = -1;

/** The bar at the foot of the page: mistakes as an editor opens them, and the way to the lesson that was just written. */
function paint(news: News): void {
  document.getElementById("preview")?.remove();
  const elsewhere = news.url && !location.pathname.startsWith(news.url);
  if (!news.mistakes.length && !elsewhere) return;
  const bar = document.createElement("aside");
  bar.id = "preview";
  bar.className = news.mistakes.length ? "preview preview--wrong" : "preview";
  bar.setAttribute("aria-label", "Vista previa");
  if (elsewhere) {
    const link = document.createElement("a");
    link.href = news.url;
    link.textContent = `Acabas de guardar ${news.lesson}`;
    bar.append(link);
  }
  if (news.mistakes.length) {
    const list = document.createElement("ul");
    for (const mistake of news.mistakes) {
      const item = document.createElement("li");
      item.textContent = mistake;
      list.append(item);
    }
    bar.append(list);
  }
  document.body.append(bar);
}

async function look(): Promise<void> {
  if (document.hidden) return;
  const answer = await fetch(page.dataset.preview ?? "", { headers: { Accept: "application/json" } });
  const news = (await answer.json()) as News;
  if (news.loaded !== Number(page.dataset.loaded)) {
    location.reload(); // the browser keeps the place on the page
    return;
  }
  if (news.revision === shown) return;
  shown = news.revision;
  paint(news);
}

const again = () => void look().catch(() => undefined); // the site restarts: it answers again in a moment
again();
setInterval(again, LOOK_MILLISECONDS);
