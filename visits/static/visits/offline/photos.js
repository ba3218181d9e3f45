// Photos are made small on the phone before they are kept and sent; several picks add up, each can be taken away again.
import { setFiles } from "./fields.js";

const QUALITY = 0.82;
// A picture that is small already is sent as it is.
const SMALL_BYTES = 600 * 1024;

let work = Promise.resolve();

// Done when all photos picked so far are ready to be sent.
export function ready() { return work; }

function load(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  // Drawn from an <img>, so that the browser turns it upright as its EXIF data say.
  return image.decode().then(() => image).finally(() => URL.revokeObjectURL(image.src));
}

async function shrink(file, longSide) {
  try {
    const image = await load(file);
    const scale = Math.min(1, longSide / Math.max(image.naturalWidth, image.naturalHeight));
    if (scale === 1 && file.size <= SMALL_BYTES) { return file; }
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!small || (scale === 1 && small.size >= file.size)) { return file; }
    return new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch (error) {
    // Not a picture that this browser reads: the server says by name what is wrong with it.
    return file;
  }
}

function preview(input, file, number) {
  const item = document.createElement("span");
  const image = document.createElement("img");
  const away = document.createElement("button");
  item.className = "photo-new";
  image.width = 96;
  image.height = 96;
  image.alt = `照片 ${number + 1}`;
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  away.type = "button";
  away.className = "photo-away";
  away.textContent = "×";
  away.setAttribute("aria-label", `移除照片 ${number + 1}`);
  away.addEventListener("click", () => setFiles(input, input.photos.filter((one) => one !== file)));
  item.append(image, away);
  return item;
}

export function enhance(input, place) {
  const longSide = Number(input.dataset.longSide);
  input.photos = [];
  input.addEventListener("files:set", () => {
    input.photos = Array.from(input.files);
    place.textContent = "";
    place.append(...input.photos.map((file, number) => preview(input, file, number)));
  });
  input.addEventListener("change", () => {
    const picked = Array.from(input.files);
    work = work.then(async () => {
      const small = [];
      // One after another: nine pictures of a phone at once are half a gigabyte of memory.
      for (const file of picked) { small.push(await shrink(file, longSide)); }
      setFiles(input, input.photos.concat(small));
    });
  });
}
