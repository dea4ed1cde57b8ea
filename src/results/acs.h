// The logs that Azure Communication Services would have written of the calls of a result: "Call
// summary", "Call diagnostics", "Call client media statistics time series" and "Call client
// operations log schema". One JSON object a line, as Azure Monitor exports logs.
#pragma once

#include "src/results/result.h"
#include "src/results/text_sink.h"

namespace callflow::results {

// Of every run that came to its end, in order of case and replication. Throws ResultError for a
// result of a callflow that did not yet note who took part in calls.
void writeAcsLogs(const Result& result, const TextSink& sink);

}  // namespace callflow::results
