import { useSignal } from "@preact/signals";
import { Download, Printer } from "lucide";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { Button } from "./button";
import { saveFile } from "./save";
import "./qr.css";

/** Blank modules around the code that scanners need. */
const QUIET = 4;
/** Pixels of the downloaded PNG, at least; modules stay whole pixels. */
const PNG_SIZE = 1024;

/** A QR code of a link with its name; it can be downloaded as PNG and SVG, and printed. Always dark on white. */
export function QrCode({ text, name }: { text: string; name: string }) {
  const modules = useSignal<boolean[][] | undefined>(undefined);
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
    <div class="qr">
      <figure>
        {rows ? (
          <svg viewBox={`0 0 ${rows.length} ${rows.length}`} role="img" aria-label={t("qr_label", name)}>
            <rect width="100%" height="100%" fill="#fff" />
            <path d={pathOf(rows)} fill="#000" shape-rendering="crispEdges" />
          </svg>
        ) : (
          <div class="skeleton" />
        )}
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
  );
}

/** The dark modules as one path, a run of a row at a time. */
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

/** The code as an SVG file. */
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
