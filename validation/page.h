// docs/validation/linux-tcp.md: measured and simulated, row by row.
#pragma once

#include <string>
#include <vector>

#include "validation/figures.h"
#include "validation/study.h"

namespace callflow::validation {

struct PageFacts {
  std::string measured;  // name of the file of measurements
  int seeds = 0;
  std::string pictures;  // folder of the pictures, relative to the page
};

// Throws InputError if the file cannot be written.
void writePage(const std::vector<StudyRow>& rows, const std::vector<Model>& models,
               const std::vector<Drawn>& pictures, const PageFacts& facts, const std::string& path);

}  // namespace callflow::validation
