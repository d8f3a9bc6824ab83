# What mutate.py builds: tests and tools several files at a time, for they stay as
# they are, and the engine file by file, of which a fault changes one.
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL
  set_target_properties thresh_objects PROPERTIES UNITY_BUILD OFF)
