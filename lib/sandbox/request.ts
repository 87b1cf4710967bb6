/** Thrown to refuse a request; `refuse` turns it into an answer. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** Returns the refusal of a malformed request (400). */
export function invalid(message: string, details: Record<string, unknown> = {}): Refusal {
  return new Refusal(400, "VALIDATION_ERROR", message, details);
}

/** Returns a JSON object with only these fields. Throws a `Refusal`. */
export async function readBody(request: Request, fields: string[]): Promise<Record<string, unknown>> {
  let body: unknown;
  try {
    body = await request.json();
  } catch {
    throw invalid("The request body is not valid JSON");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid("The body must be an object");
  const strange = Object.keys(body).filter((name) => !fields.includes(name));
  if (strange.length > 0)
    throw invalid(`Unknown field: ${strange.join(", ")}`, Object.fromEntries(strange.map((name) => [name, "unknown"])));
  return body as Record<string, unknown>;
}

/** Returns participants as sent. Throws a `Refusal`: 400 if not texts, 422 if one is malformed. */
export function readPeople(value: unknown): string[] {
  if (!Array.isArray(value) || value.some((one) => typeof one !== "string"))
    throw invalid("participants must be an array of strings", { participants: "array of strings" });
  const ids = value as string[];
  const wrong = ids.filter((id) => !/^(\d{7,15}(:\d{1,3})?@(s\.whatsapp\.net|c\.us)|\d{5,20}@lid)$/.test(id));
  if (wrong.length > 0)
    throw new Refusal(422, "VALIDATION_ERROR", "Invalid participant format, use {phone}@s.whatsapp.net", {
      participants: wrong,
    });
  return ids;
}

/** Clamps a query's number. Throws a `Refusal` if it is none. */
export function readNumber(text: string | undefined, otherwise: number, least: number, most: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw invalid("limit, offset and page must be whole numbers");
  return Math.min(most, Math.max(least, Number(text)));
}
