import { useSignal } from "@preact/signals";
import { Download, Maximize2, Printer } from "lucide";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { saveFile } from "./save";
import "./qr.css";

/** Blank modules around the code, for scanners. */
const QUIET = 4;
/** Least px of the PNG; modules stay whole px. */
const PNG_SIZE = 1024;

/** A link's QR code and name, to enlarge, download (PNG, SVG) or print. Always dark on white. */
export function QrCode({ text, name }: { text: string; name: string }) {
  const modules = useSignal<boolean[][] | undefined>(undefined);
  const isLarge = useSignal(false);
  useEffect(() => {
    let isStale = false;
    void import("uqr").then(({ encode }) => {
      if (!isStale) modules.value = encode(text, { ecc: "M", border: QUIET }).data;
    });
    return () => {
      isStale = true;
    };
  }, [text]);
  const rows = modules.value;
  const file = `${name} QR`;
  return (
    <>
      <div class="qr">
        {rows ? (
          <Button icon={Maximize2} onPress={() => (isLarge.value = true)}>
            {t("qr_large")}
          </Button>
        ) : null}
        <figure>
          {rows ? <Modules rows={rows} name={name} /> : <div class="skeleton" />}
          <figcaption>
            <strong>
              <bdi>{name}</bdi>
            </strong>
            <span>{text}</span>
          </figcaption>
        </figure>
        {rows ? (
          <div class="row wrap">
            <Button kind="quiet" icon={Download} label={t("qr_png_label")} onPress={() => savePng(file, rows)}>
              {t("qr_png")}
            </Button>
            <Button
              kind="quiet"
              icon={Download}
              label={t("qr_svg_label")}
              onPress={() => saveFile(`${file}.svg`, new Blob([svgOf(rows)], { type: "image/svg+xml" }))}
            >
              {t("qr_svg")}
            </Button>
            <Button kind="quiet" icon={Printer} onPress={() => print()}>
              {t("qr_print")}
            </Button>
          </div>
        ) : null}
      </div>
      {rows && isLarge.value ? (
        <Dialog title={name} onClose={() => (isLarge.value = false)}>
          <div class="qr-large">
            <Modules rows={rows} name={name} />
          </div>
          <Button attributes={{ autofocus: true }} onPress={() => (isLarge.value = false)}>
            {t("action_close")}
          </Button>
        </Dialog>
      ) : null}
    </>
  );
}

/** A code's modules as a picture, including blank ones around it. */
export function Modules({ rows, name }: { rows: boolean[][]; name: string }) {
  return (
    <svg
      width="100%"
      height="100%"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={t("qr_label", name)}
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={pathOf(rows)} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}

/** Returns the dark modules as one path of row runs. */
export function pathOf(rows: boolean[][]): string {
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x += 1;
      path += `M${start} ${y}h${x - start + 1}v1h-${x - start + 1}z`;
    }
  });
  return path;
}

function svgOf(rows: boolean[][]): string {
  const size = rows.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * 16}" height="${size * 16}" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path d="${pathOf(rows)}"/></svg>\n`;
}

function savePng(file: string, rows: boolean[][]): void {
  const scale = Math.ceil(PNG_SIZE / rows.length);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = rows.length * scale;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  for (const [y, row] of rows.entries()) {
    for (const [x, isDark] of row.entries()) if (isDark) context.fillRect(x * scale, y * scale, scale, scale);
  }
  canvas.toBlob((blob) => {
    if (blob) saveFile(`${file}.png`, blob);
  }, "image/png");
}
