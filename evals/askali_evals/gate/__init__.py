"""May this go out?"""
