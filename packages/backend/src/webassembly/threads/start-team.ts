import { Team, type TeamPlan } from './team.ts'

/**
 * Starts a team, and hands it over: at once, or in a page that is bundled when its code is there, where `in-page.ts`
 * replaces this file.
 */
export const startTeam = (plan: TeamPlan, ready: (team: Team) => void): void => {
  let team: Team
  try {
    team = new Team(plan)
  } catch {
    return plan.failed() // a page may forbid workers: then one thread does it all
  }
  ready(team)
}
