// Logits of a batch with several candidates, a pair a thread. After train-batch, train-forward and train-logit.
//
// Out: pairs [pair] = (logit, what logScale multiplies)

@compute @workgroup_size(GROUP)
fn train_score(@builtin(global_invocation_id) id: vec3<u32>) {
  let pair = thread_of(id);
  if (pair >= params.size * params.candidates) { return; }
  pairs[pair] = logit_of(pair / params.candidates, pair % params.candidates);
}
