// quintile's side of each group of work, over the columns of one folder.
#pragma once

#include <memory>
#include <sstream>
#include <string>

#include "exec/executor.hpp"

namespace quintile::peers {

class Tasks {
 public:
  virtual ~Tasks() = default;
  // Does a task once and returns the answer; `words` are the arguments of the command. `form` is
  // "kept" or "counts".
  virtual std::string run(const std::string& task, const std::string& form,
                          std::istringstream& words) = 0;
  // Writes the columns that the last run left to `folder` and returns their types.
  virtual std::string save(const std::string& folder);
};

std::unique_ptr<Tasks> contact_tasks(const std::string& folder, Arena::Executor& executor);
std::unique_ptr<Tasks> event_tasks(const std::string& folder, Arena::Executor& executor);
std::unique_ptr<Tasks> file_tasks(const std::string& folder, Arena::Executor& executor);
std::unique_ptr<Tasks> order_tasks(const std::string& folder, Arena::Executor& executor);
std::unique_ptr<Tasks> segment_tasks(const std::string& folder, Arena::Executor& executor);

}  // namespace quintile::peers
