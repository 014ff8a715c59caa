#include "protocol.hpp"

#include <charconv>
#include <exception>
#include <iostream>

namespace quintile::peers {

std::string timed_answer(double seconds, const std::string& result) {
  std::ostringstream out;
  out.precision(9);
  out << R"({"seconds": )" << seconds << R"(, "result": )" << result << '}';
  return out.str();
}

std::string count_answer(double seconds, std::uint64_t count) {
  return timed_answer(seconds, R"({"count": )" + std::to_string(count) + "}");
}

int serve(int argc, char** argv, const std::function<Answer(int threads)>& start) {
  int threads = 0;
  const std::string text = argc == 2 ? argv[1] : "";
  std::from_chars(text.data(), text.data() + text.size(), threads);
  if (threads < 1) {
    std::cerr << "usage: " << argv[0] << " THREADS\n";
    return 2;
  }
  try {
    const Answer answer = start(threads);
    for (std::string line; std::getline(std::cin, line);)
      std::cout << answer(line) << '\n' << std::flush;
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace quintile::peers
