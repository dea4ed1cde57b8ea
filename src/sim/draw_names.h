// Names of what a call draws at random. They say whose draws they are and nothing of how many
// others there are, so that no two share their draws, and a call or a participant more shifts
// nobody's.
#pragma once

#include <string>
#include <utility>

namespace callflow::sim {

class DrawNames {
 public:
  // Calls of one case have different names, and so have copies; names have no spaces in them.
  explicit DrawNames(std::string call) : call_(std::move(call)) {}

  // Who talks when.
  std::string conversation() const { return call_; }
  // What a participant sends.
  std::string sender(const std::string& who) const { return call_ + " " + who; }
  // What is sent from one element to another: on links, at the receiver, by TCP.
  std::string flow(const std::string& from, const std::string& to) const {
    return call_ + " " + from + " > " + to;
  }
  // What is seen there, and what is told of it in the other direction.
  std::string video(const std::string& from, const std::string& to) const {
    return flow(from, to) + " video";
  }
  std::string feedback(const std::string& from, const std::string& to) const {
    return flow(from, to) + " feedback";
  }
  // When the two ends of a path test and report.
  std::string control(const std::string& near, const std::string& far) const {
    return call_ + " " + near + " <> " + far;
  }

 private:
  std::string call_;
};

}  // namespace callflow::sim
