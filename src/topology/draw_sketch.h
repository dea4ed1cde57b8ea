// What a drawing shows, before it is written in one language or another. Internal to the drawings.
#pragma once

#include <string>
#include <vector>

#include "src/topology/draw.h"

namespace callflow::topology {

enum class ShapeKind { participant, lan, firewall, nat, internet, edge, region };

struct Shape {
  ShapeKind kind{};
  std::string title;               // as the user wrote it: to be escaped
  std::vector<std::string> notes;  // smaller lines below
};

struct Group {
  std::string title;
  bool azure = false;
  std::vector<std::size_t> shapes;
};

struct Line {
  std::size_t from = 0;  // shapes
  std::size_t to = 0;
  std::string label;      // may be empty; parts on lines of their own are separated by \n
  bool sideways = false;  // between equals: neither end lies further from the participants
  bool udp = false;       // media of this kind crosses it
  bool tcp = false;
};

struct Sketch {
  std::vector<Shape> shapes;
  std::vector<Group> groups;
  std::vector<Line> lines;
  bool hasUdp = false;
  bool hasTcp = false;
};

Sketch sketch(const NetworkGraph& graph, const DrawOptions& options);

}  // namespace callflow::topology
