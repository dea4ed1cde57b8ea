// Pictures of measured and simulated conditions, by gnuplot.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "validation/study.h"

namespace callflow::validation {

struct Drawn {
  std::string file;  // name of the PNG
  std::string caption;
};

// Writes each picture's script (with its data) and PNG into `directory`, which is made if it is not
// there. A picture that the rows have nothing for is left out. Throws std::runtime_error if gnuplot
// fails.
std::vector<Drawn> drawFigures(const std::vector<StudyRow>& rows, const std::vector<Model>& models,
                               const std::filesystem::path& directory);

}  // namespace callflow::validation
