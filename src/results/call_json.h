// Calls and their participants in a run's JSON. For .cc files only, as json.h is.
#pragma once

#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/call_story.h"
#include "src/results/json.h"

namespace callflow::results {

// A list, as the value of a key that is written already.
void composeCalls(const std::vector<metrics::CallRecord>& calls, JsonComposer& out);
std::vector<metrics::CallRecord> callsFrom(const Json& list);

// Where the signaling of each participant goes: a list, likewise.
void composeSignaling(const std::vector<metrics::CallRecord>& calls, JsonComposer& out);

// What a summary says of setting calls up, of what happened in mid-call and of how calls ended:
// lists, likewise.
void composeSetUp(const std::vector<SetUpSummary>& steps, JsonComposer& out);
void composeStories(const std::vector<CallStory>& stories, JsonComposer& out);
void composeEnds(const std::vector<EndSummary>& ends, JsonComposer& out);

}  // namespace callflow::results
