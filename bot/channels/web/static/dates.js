// Dates as travellers read them.

const WEEKDAYS = "日月火水木金土";

/** Return `2023年2月24日（金）` for `2023-02-24`, or "" for what is no such date. */
export function inWords(iso) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso ?? "");
  if (!parts) return "";
  const [year, month, day] = parts.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1) return "";
  return `${year}年${month}月${day}日（${WEEKDAYS[date.getUTCDay()]}）`;
}
