{% load static %}import { start } from "{% static 'visits/offline/worker.js' %}";
start({ release: "{{ release }}", isFresh: {{ is_debug|yesno:"true,false" }} });
