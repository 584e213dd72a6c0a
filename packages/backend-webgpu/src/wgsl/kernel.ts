/** Whether code calls functions of subgroups. */
export const needsSubgroups = (code: string): boolean => code.includes('subgroupShuffleXor')

/**
 * A kernel: `l` is the thread in its workgroup, `group` the number of the workgroup, `q` the group of a batched
 * product or formula, and `step` the step; `beside` is the thread in its subgroup, in code that needs subgroups.
 */
export const kernel = (size: number, body: string, step = 'let step = s.x;'): string => `
@compute @workgroup_size(${size})
fn main(
  @builtin(workgroup_id) w: vec3u, @builtin(num_workgroups) g: vec3u, @builtin(local_invocation_index) lane: u32,${
  needsSubgroups(body) ? '\n  @builtin(subgroup_invocation_id) beside: u32,' : ''}
) {
let l = i32(lane); let group = i32(w.x + w.y * g.x); let q = i32(w.z); ${step}
${body}
}`
