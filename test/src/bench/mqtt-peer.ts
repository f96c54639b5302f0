/** What the bench uses of the npm package `mqtt`. */
export interface MqttModule {
  connectAsync(
    url: string,
    options: { clientId: string; clean: boolean; protocolVersion: 5; properties?: { sessionExpiryInterval: number } },
  ): Promise<MqttConnection>
}

/** A connection to the broker. */
export interface MqttConnection {
  publishAsync(topic: string, payload: string, options: { qos: 1 }): Promise<unknown>
  subscribeAsync(topic: string, options: { qos: 1 }): Promise<unknown>
  on(event: 'message', listener: (topic: string, payload: Buffer) => void): void
  endAsync(): Promise<void>
}

/** Where the events are published. */
export const mqttTopic = 'yizhan/events'
