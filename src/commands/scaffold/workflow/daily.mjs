// Asks Netlify for a build, once a day: articles that wait for their day, and the news sitemap, need one.
// {clock}
// BRIEF_BUILD_HOOK is the address of a build hook of the site.
export default async () => {
  const hook = process.env.BRIEF_BUILD_HOOK;
  if (!hook) throw new Error("BRIEF_BUILD_HOOK is not set");
  const answer = await fetch(hook, { method: "POST" });
  if (!answer.ok) throw new Error(`the build hook answered ${answer.status}`);
};

export const config = { schedule: "{cron}" };
