module com.example.host {
    requires dev.tenancy.core;
}
