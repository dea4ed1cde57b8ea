// What a phase of a stream comes to, from its seconds.
#pragma once

#include "validation/video_rows.h"

namespace callflow::validation {

// Means of the phase's seconds, the most frequent height, and how often the picture froze.
// `reach80` is counted from the call's start, or from a step that came before the phase, and in the
// phase after the step back up against the mean before the step (the first phase); where the target
// never comes there it is all the time that there was. It has no value in phases beside and after a
// transfer. `otherShare` is not from here.
VideoValues figuresOf(const VideoSeries& series, const VideoCondition& condition,
                      const VideoPhase& phase, const VideoPhase& firstPhase);

}  // namespace callflow::validation
