// How a media processor is written in YAML.
#pragma once

#include "models/conference/parameters.h"
#include "src/config/table.h"

namespace callflow::conference {

const config::Table<MediaProcessor>& tableOf(const MediaProcessor*);

}  // namespace callflow::conference
