using Smxp.Host.Configuration;

namespace Smxp.Host.Http;

/// <summary>Where Kestrel is told to listen, looked at before it is: it stops at the first address it cannot read, with an exception and no setting's name.</summary>
internal static class ListenAddresses
{
    public static void Check(IConfiguration configuration, StartupProblems problems)
    {
        foreach (string url in (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            Check(WebHostDefaults.ServerUrlsKey, url, problems);
        foreach (IConfigurationSection endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            Check($"{endpoint.Path}:Url", endpoint["Url"], problems);
    }

    private static void Check(string path, string? url, StartupProblems problems)
    {
        if (!IsAddress(url)) problems.Add(path, $"'{url}' is not an address such as http://127.0.0.1:7777 or https://0.0.0.0:443");
    }

    private static bool IsAddress(string? url)
    {
        try
        {
            return url is not null && BindingAddress.Parse(url) is { Port: >= 0 and <= ushort.MaxValue, PathBase.Length: 0 };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
