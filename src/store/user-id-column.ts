const MAX_CHARACTERS = 200;

/** What the column `user_id` holds of a user's id. Characters, not UTF-16 units, as SQL's `substr` counts them. */
export function userIdColumn(userId: string): string {
  if (userId.length <= MAX_CHARACTERS) return userId;
  return [...userId.slice(0, 2 * MAX_CHARACTERS)].slice(0, MAX_CHARACTERS).join("");
}
